// SPDX-License-Identifier: Apache-2.0
package io.wardgate.transport;

import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.interceptors.MessageInterceptorAdapter;

/**
 * Takes the words out of answers that the CoAP stack gives by itself, to messages it cannot read:
 * they would tell which stack this is, and what exactly it did not like. Supports EN 303 645 5.6-2.
 */
final class BareRefusals extends MessageInterceptorAdapter {

  /** An answer of ours, whose body, if any, is the application's. */
  static final class Answer extends Response {

    Answer(ResponseCode code) {
      super(code);
    }
  }

  @Override
  public void sendResponse(Response response) {
    if (!(response instanceof Answer) && response.getPayloadSize() > 0) {
      response.setPayload(new byte[0]);
      response.getOptions().removeContentFormat();
    }
  }
}
